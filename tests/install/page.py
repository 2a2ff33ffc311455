#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Does what docs/install.md says in one of its sections, in a folder of its own: the test install.SECTION.

  page.py SECTION SOURCE WORK    SECTION: such as find_package; SOURCE: Conform's; WORK: the folder, emptied first
  page.py --list SOURCE          the sections with commands

In the section, a block of `cmake` is CMakeLists.txt and one of `sh` is run, by bash; the program is the page's, and must print
what the page says. CXX, CXXFLAGS, LDFLAGS and CMAKE_GENERATOR are taken from the environment.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = "the_program"


def sections(source):
    """Name of a section: {kind of a block: its text}."""
    found = {}
    page = (source / "docs/install.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", page, flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        name = re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]", "_", title.strip()).lower()
        blocks = [block for block in re.findall(r"^```(\w+)\n(.*?)^```$", body, flags=re.M | re.S) if block[0] != "console"]
        found[name] = dict(blocks)
        if len(found[name]) != len(blocks):
            sys.exit(f"docs/install.md: {title} has two blocks of one kind")
    return found


def last_lines(text):
    return "\n".join(text.splitlines()[-40:])


def run(commands, work, environment):
    """Runs commands, and returns what they print; ends where one of them fails."""
    ran = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=work, env=environment, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    if ran.returncode != 0:
        sys.exit(f"{commands}\n{last_lines(ran.stdout)}\nended with {ran.returncode}")
    return ran.stdout


def install_deb(work, environment):
    """Installs the package under WORK/root by dpkg, whose database there has what the package needs and this machine has."""
    (package,) = work.glob("build/conform/*.deb")
    root, admin = work / "root", work / "root/var/lib/dpkg"
    for folder in ("info", "updates", "triggers"):
        (admin / folder).mkdir(parents=True)
    needed = run(f"dpkg-deb -f {package} Depends", work, environment)
    names = re.findall(r"(?:^|, )([a-z0-9.+-]+)", needed.strip())
    if "libboost-dev" not in names or not any(name.startswith("libblis") for name in names):
        sys.exit(f"the package depends on {names}")
    (admin / "status").write_text(run("dpkg-query -s " + " ".join(names), work, environment), encoding="utf-8")
    for name in names:
        (admin / f"info/{name}.list").touch()
    # Unpacked there, its own scripts not run: it has none. Without what it depends on, dpkg must refuse.
    dpkg = f"dpkg --root={root} --force-not-root --force-bad-path --log=/dev/null -i {package}"
    run(dpkg, work, environment)
    docs = sorted(path.name for path in (root / "usr/share/doc").glob("*/*") if path.parent.name == "libconform-dev")
    if docs != ["CHANGELOG.md", "changelog.gz", "copyright"]:  # where and how Debian's policy wants them
        sys.exit(f"the package's documents are {docs}")
    (admin / "status").write_text("", encoding="utf-8")
    if subprocess.run(dpkg, shell=True, cwd=work, env=environment, capture_output=True).returncode == 0:
        sys.exit("the package is installed without what it depends on")
    return root / "usr"


def main(name, source, work):
    source, work = Path(source).resolve(), Path(work).resolve()
    page = sections(source)
    blocks = page[name]
    shutil.rmtree(work, ignore_errors=True)
    (work / "home").mkdir(parents=True)
    (work / "conform").symlink_to(source)
    (work / "main.cpp").write_text(page[PROGRAM]["cpp"], encoding="utf-8")
    environment = dict(os.environ, HOME=str(work / "home"))
    if "cmake" in blocks:
        (work / "CMakeLists.txt").write_text(blocks["cmake"], encoding="utf-8")
    said = run(blocks["sh"], work, environment)
    if name == "debian_package":
        usr = install_deb(work, environment)
        (work / "CMakeLists.txt").write_text(page["find_package"]["cmake"], encoding="utf-8")
        said = run(f"cmake -S . -B build/app -DCMAKE_PREFIX_PATH={usr}\ncmake --build build/app\n"
                   f"grep -q '^conform_DIR:PATH={usr}/' build/app/CMakeCache.txt\n"
                   f"PKG_CONFIG_PATH=$(dirname $(find {usr} -name conform.pc)) pkg-config --exists 'conform < 0.2'\n"
                   "build/app/app", work, environment)
    expected = page[PROGRAM]["text"]
    if not said.endswith(expected):
        sys.exit(f"{last_lines(said)}\nThe program printed this, and not\n{expected}")


if __name__ == "__main__":
    if sys.argv[1] == "--list":
        print(";".join(name for name, blocks in sections(Path(sys.argv[2])).items() if "sh" in blocks), end="")
    else:
        main(*sys.argv[1:])
