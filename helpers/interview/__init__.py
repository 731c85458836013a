"""The interview questions of the course and what practises with them.

`bank` reads the questions, `render` shows one in a chapter, `session` draws and scores an
interview, and ``python -m helpers.interview`` holds one in a terminal.
"""
