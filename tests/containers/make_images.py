#!/usr/bin/env python3
"""Makes the images that the tests of containers run in, from files of this machine: no registry is asked.

usage: make_images.py DIRECTORY

Puts into DIRECTORY the settings of podman (containers.conf, storage.conf) and a store with the images
  localhost/ame-small:1    busybox and nothing else
  localhost/ame-python:1   busybox and Debian's own Python with `venv`
Does nothing where they are there already.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

BUSYBOX = Path("/bin/busybox")
APPLETS = "sh cat cp echo env false head id ls mkdir mv rm sleep stat tail true yes dd test [ dirname basename sed grep".split()

CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "{runtime}"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""

STORAGE_CONF = """[storage]
driver = "{driver}"
graphroot = "{directory}/store"
runroot = "{directory}/run"
"""


def libraries_of(programs: list[str]) -> set[str]:
    found = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    words = (word for line in found.splitlines() for word in line.split())
    return {word for word in words if word.startswith("/") and not word.endswith(":") and os.path.exists(word)}


def add(archive: tarfile.TarFile, path: str, name: str | None = None) -> None:
    """The file itself, where a link leads to; links of the system's own (/lib) are not wanted."""
    name = (name or path).lstrip("/")
    add_parents(archive, name)
    archive.add(os.path.realpath(path), arcname=name, recursive=False)


def add_parents(archive: tarfile.TarFile, name: str) -> None:
    """Where a directory is not named, Docker makes one for root alone."""
    known = vars(archive).setdefault("directories", set(archive.getnames()))
    for parent in reversed(Path(name).parents[:-1]):
        if str(parent) not in known:
            known.add(str(parent))
            add_directory(archive, str(parent))


def add_directory(archive: tarfile.TarFile, name: str, mode: int = 0o755) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    archive.addfile(entry)


def add_small(archive: tarfile.TarFile) -> None:
    for directory in ("bin", "etc", "usr", "usr/bin"):
        add_directory(archive, directory)
    add_directory(archive, "tmp", 0o1777)
    archive.add(BUSYBOX, "bin/busybox")
    for applet in APPLETS:
        link = tarfile.TarInfo("bin/" + applet)
        link.type, link.linkname = tarfile.SYMTYPE, "busybox"
        archive.addfile(link)


def add_python(archive: tarfile.TarFile) -> None:
    program = os.path.realpath("/usr/bin/python3")
    library = Path("/usr/lib") / Path(program).name
    add(archive, program)
    link = tarfile.TarInfo("usr/bin/python3")
    link.type, link.linkname = tarfile.SYMTYPE, Path(program).name
    archive.addfile(link)
    unwanted = {"test", "idlelib", "tkinter", "lib2to3", "__pycache__", "config-3.11-x86_64-linux-gnu"}
    modules = []
    for place, directories, files in os.walk(library):
        directories[:] = sorted(set(directories) - unwanted)
        for file in sorted(files):
            add(archive, f"{place}/{file}", f"{place}/{file}")
            if file.endswith(".so"):
                modules.append(f"{place}/{file}")
    for wheel in Path("/usr/share/python-wheels").glob("*.whl"):
        add(archive, str(wheel))
    for needed in sorted(libraries_of([program, *modules])):
        add(archive, needed)
        if needed.startswith("/usr/lib/") or needed.startswith("/lib"):
            continue


def add_small_and_python(archive: tarfile.TarFile) -> None:
    add_small(archive)
    add_python(archive)


SMALL, PYTHON = "localhost/ame-small:1", "localhost/ame-python:1"
CONTENTS = {SMALL: add_small, PYTHON: add_small_and_python}


def write_archive(path: Path, image: str) -> None:
    with tarfile.open(path, "w") as archive:
        CONTENTS[image](archive)


def podman(settings: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ,
                   "CONTAINERS_CONF": str(settings / "containers.conf"),
                   "CONTAINERS_STORAGE_CONF": str(settings / "storage.conf")}
    return subprocess.run(["podman", *words], env=environment, capture_output=True, text=True)


def import_image(settings: Path, name: str) -> None:
    if podman(settings, "image", "exists", name).returncode == 0:
        return
    archive_file = settings / "image.tar"
    write_archive(archive_file, name)
    done = podman(settings, "import", "--quiet", str(archive_file), name)
    archive_file.unlink()
    if done.returncode != 0:
        sys.exit(f"podman import {name}: {done.stderr.strip()}")


def works(settings: Path) -> bool:
    done = podman(settings, "run", "--rm", "--network=host", SMALL, "true")
    if done.returncode != 0:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def main() -> None:
    settings = Path(sys.argv[1])
    settings.mkdir(parents=True, exist_ok=True)
    # crun does not start where cgroups are of both versions.
    runtime = "runc" if shutil.which("runc") else "crun"
    with open(settings / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (settings / "ready").exists():
            return
        for driver in ("overlay", "vfs"):
            (settings / "containers.conf").write_text(CONTAINERS_CONF.format(runtime=runtime))
            (settings / "storage.conf").write_text(STORAGE_CONF.format(driver=driver, directory=settings))
            try:
                import_image(settings, SMALL)
                if works(settings):
                    break
            except SystemExit as failure:
                print(failure, file=sys.stderr)
            shutil.rmtree(settings / "store", ignore_errors=True)
        else:
            sys.exit("podman starts no container here")
        import_image(settings, PYTHON)
        (settings / "ready").touch()


if __name__ == "__main__":
    main()
