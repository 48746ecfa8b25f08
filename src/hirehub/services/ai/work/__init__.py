"""Words of work: which words of a text tell what kind of work it is about, how much, and of which occupations.

Pure. The table is made from the labels and descriptions of ESCO's occupations (see NOTICE); Korean words, short
forms, words of rank and some English words are the product's own. A word that is in neither tells nothing: no name of a
person or a school comes through.
"""
