"""How fast, how large, how well it finds and routes: the benchmarks behind the README's figures."""
