"""Record `kvit demo` as the picture that the README shows: `python docs/record_demo.py`."""

import re
from pathlib import Path

from rich.console import Console

from kvit.cli import boot

PICTURE = Path(__file__).parent / "pictures" / "demo.svg"
ROWS = 64


def record() -> None:
    """Run the demo on a recording console and keep what a tall terminal would show."""
    with boot.installation(migrated=False):
        from kvit.base import database
        from kvit.cli.actions import demo, show

        show.out = Console(record=True, width=show.WIDTH, force_terminal=True, height=ROWS)
        demo.show_main_job(Path(database.home({"KVIT_HOME": "var/picture"})) / "world")
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(_plain(show.out.export_svg(title="kvit demo")))


def _plain(svg: str) -> str:
    """The picture without the web fonts it would fetch from elsewhere; a reader's own monospaced font does."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


if __name__ == "__main__":
    record()
