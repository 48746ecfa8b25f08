"""How a form parts a label from its value: a colon, a cell's border, a line feed or blanks."""

from typing import Final

START: Final = r"(?:^|(?<=[\n\t|,/(\[•·*○●◦■□▪-])|(?<=  )|(?<=[\n|,/(•·*○●◦■□▪.)-] ))"
"""Before the first letter of a label."""
GAP: Final = r"(?: ?\([^()\n\t\ue000]{1,12}\))?(?=[\s:|=/│]) {0,4}[:|=/│\t]?[ \t]{0,12}\n{0,2}[ \t]{0,8}"
"""Between a label and its value: only for values whose words are counted, or whose shape says what they are."""
HARD: Final = r"(?: ?\([^()\n\t\ue000]{1,12}\))? {0,4}[:|=│\t][ \t]{0,12}"
"""The same, on one line and with a sign: for values that any word may be."""
END: Final = r"(?=[ \t]{0,8}(?:$|[\n|,/()·;│])|\t|  )"
"""Behind a value that fills its cell."""
