"""The records upload: takes files from a person, keeps them sealed, hands them to the care team, deletes them when asked.

`routes.records_router(settings)` is the public side, `commands.add_commands` the team's. Nothing here imports gradio.
"""
