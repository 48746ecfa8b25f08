"""Makes src/hirehub/services/ai/skills/data/generated.toml from ESCO and O*NET in the folder `shared` beside the clone.

Taken are names, no sentences: of ESCO the knowledge concepts that most occupations want, when the name is short and
says what a text would say; of O*NET the hot technologies that most occupations use. What the hand-written files name
stays theirs. The same sources give the same file.
"""

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src" / "hirehub" / "services" / "ai" / "skills" / "data"
ESCO_SKILLS, ONET_SKILLS = 600, 110
VAGUE = re.compile(
    r"^(types|characteristics|properties|functions|history|range|legal|company|product|assessment|the)\b"
    r"|^quality standards$"
    r"|\b(processes|principles|products|policies|comprehension|specifications|argumentation|objectives|components)$"
    r"|\([^)]*\)|[^a-zA-Z0-9 &+#./'-]"
)
VENDOR = re.compile(
    r"^(Adobe Systems|Autodesk|Oracle|IBM|ESRI|Atlassian|Apache|Intuit|Dassault Systemes|The MathWorks|PTC|Qlik Tech"
    r"|National Instruments|Siemens PLM Software|Trimble|Bentley|Infor|Apple|Google|Red Hat|UGS|Graphisoft) "
)
NO_TOOL = re.compile(r"software|system$|language|computer|procedure|\.Pro|/|:", re.IGNORECASE)


def plain(words: str) -> str:
    """A name without case, blanks and signs."""
    return "".join(letter for letter in words.casefold() if letter.isalnum() or letter in "+#&")


def written() -> set[str]:
    """Every spelling of the hand-written files."""
    found: set[str] = set()
    for path in (DATA / "technology.toml", DATA / "general.toml"):
        for table in tomllib.loads(path.read_text("utf-8")).values():
            for name, entry in table.items():
                spellings = (name, *(one for key in ("ko", "also", "ask", "roles") for one in entry.get(key, ())))
                found.update(plain(one) for one in spellings)
    return found


def known(name: str, taken: set[str]) -> bool:
    """Whether the name, or the end or the beginning of it, is taken: Oracle Java is Java, Eclipse IDE is Eclipse."""
    words = name.split()
    cuts = range(len(words))
    return any({plain(" ".join(words[cut:])), plain(" ".join(words[: len(words) - cut]))} & taken for cut in cuts)


def esco(folder: Path, taken: set[str]) -> Iterator[tuple[str, list[str]]]:
    """ESCO's names, the most wanted first, each with the few other spellings that hardly differ."""
    wanted = Counter(pq.read_table(folder / "occupation_skill.parquet").column("skillUri").to_pylist())
    rows = pq.read_table(folder / "skills.parquet").to_pylist()
    rows = [row for row in rows if row["skillType"] == "knowledge"]
    for row in sorted(rows, key=lambda row: (-wanted[row["conceptUri"]], row["preferredLabel"])):
        name = row["preferredLabel"].strip()
        if len(name) < 5 or len(name.split()) > 3 or VAGUE.search(name):
            continue
        if (name[:1].isupper() and known(name, taken)) or plain(name) in taken:
            continue
        taken.add(plain(name))
        words = set(name.lower().split())
        also = []
        for other in sorted(set(row["altLabels"] or [])):
            near = len(words & set(other.lower().split())) * 2 > len(words) > 1 and len(other.split()) <= len(words)
            if near and plain(other) not in taken and not VAGUE.search(other) and len(also) < 3:
                taken.add(plain(other))
                also.append(other)
        yield name, also


def onet(path: Path, taken: set[str]) -> Iterator[tuple[str, list[str]]]:
    """O*NET's hot technologies, the most used first, with the name that stands behind the maker's."""
    rows = pq.read_table(path).to_pylist()
    used = Counter(row["Example"] for row in rows if row["Hot Technology"] == "Y")
    for name, _ in sorted(used.items(), key=lambda one: (-one[1], one[0])):
        short = VENDOR.sub("", name)
        if NO_TOOL.search(name) or len(name.split()) > 4 or len(short) < 5 or known(name, taken):
            continue
        taken |= {plain(name), plain(short)}
        yield name, [short] if short != name and len(short) > 6 else []


def entry(name: str, also: list[str]) -> str:
    """A line of the file."""
    fields = [f"also = {json.dumps(also, ensure_ascii=False)}"] if also else []
    if name[:1].isupper() and " " not in name:
        fields.append('case = "exact"')
    inside = f" {', '.join(fields)} " if fields else ""
    return f"{json.dumps(name, ensure_ascii=False)} = {{{inside}}}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "taxonomy")
    place = parser.parse_args().data
    taken = written()
    tools = list(islice(onet(place / "onet" / "technology_skills.parquet", taken), ONET_SKILLS))
    fields = list(islice(esco(place / "esco", taken), ESCO_SKILLS))
    lines = ["# Made by scripts/make_taxonomy.py; not to be edited. Names of ESCO 1.1.1 and O*NET: see ../NOTICE.", ""]
    lines += ["[tool]", *sorted(entry(*one) for one in tools), "", "[domain]", *sorted(entry(*one) for one in fields)]
    (DATA / "generated.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
