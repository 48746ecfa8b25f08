"""hirehub: a hiring platform whose matching engine is a real data system.

Layers, each importing only those to its right: cli > runtime > web | services > contracts > kernel.
"""

__version__ = "0.1.0"
