"""Takes the text out of resume files: PDF, DOCX, HWP, HWPX and plain text, told by their content.

`reading` is the way in: it hands the bytes to a child process with limits, where `child` tells the kind and the
module of that kind does the work. What comes out is a `Document`: pages, each a text with its place in the whole.
"""
