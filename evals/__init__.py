"""How we know it is good: tasks, scorers, sets, reports, benchmarks."""
