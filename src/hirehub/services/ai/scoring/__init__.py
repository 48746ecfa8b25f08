"""How well a resume fits a post: an exact, explained, repeatable score.

Pure: facts and weights in, a match out. Names, age, gender, photo, school names, marital status and gaps have no
field in what goes in.
"""
