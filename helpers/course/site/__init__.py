"""The course as a static site: chapters with folded answers, the question bank, the glossary.

``make site`` builds it into ``build/site/`` from what is stored, running nothing. It needs no
other host and works from the disk as well as from a server.
"""
