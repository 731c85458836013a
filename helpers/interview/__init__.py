"""The interview questions of the course and what practises with them.

`bank` and `glossary` read the questions and the terms, `render` shows a question in a chapter,
`session` draws and scores an interview, `history` keeps it and `memory` says what is due again.
``python -m helpers.interview`` holds one in a terminal; its commands are in `commands`. `widget`
holds one in a notebook; `drafts` keeps what is not scored yet.
"""
