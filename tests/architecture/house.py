"""What the checks of this folder share: which files are ours, and how a finding is told."""

import subprocess
import sys
from pathlib import Path


def tracked_files(root: Path) -> list[Path]:
    """Files of the project, relative to its root: what git knows and what it would add; all files where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, check=True,
        ).stdout.decode()
        names = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(root) for path in root.rglob("*")]
        names = [name for name in names if not name.parts[0].startswith("build") and ".git" not in name.parts]
    return sorted(name for name in set(names) if (root / name).is_file())


def text_of(path: Path) -> str | None:
    """None for files that are no text."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    return content.decode("utf-8", "replace")


def conclude(findings: list[str], fine: str) -> None:
    """Prints the findings and ends the program: 0 when there is none."""
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(1)
    print(fine)
