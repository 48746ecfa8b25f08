"""What a resume or a post says, as values with their places in the text.

Pure: text and today's date in, values out. What cannot be read is absent; nothing is guessed.
"""
