"""Published answer pages: a folder of plain HTML that any web server can hand out, drafted by us and approved by a person."""
