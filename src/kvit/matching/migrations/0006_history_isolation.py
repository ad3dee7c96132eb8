"""Row-level security and rights of the tables of a firm's own history: rows are added, never changed."""

from django.db import migrations

from kvit.base.isolation import isolate


class Migration(migrations.Migration):
    """Isolate the tables."""

    dependencies = [("matching", "0005_history")]

    operations = [
        *isolate("matching_history", references={"file_id": "base_file", "command_id": "base_command"}),
        *isolate("matching_historyreport", references={"history_id": "matching_history", "command_id": "base_command"}),
        *isolate("matching_calibration", references={"history_id": "matching_history", "command_id": "base_command"}),
    ]
