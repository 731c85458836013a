"""The exercises of the course, one module a chapter, each with a tuple ``EXERCISES``.

Importing a module is cheap: what needs TensorFlow imports it inside a function.
"""
