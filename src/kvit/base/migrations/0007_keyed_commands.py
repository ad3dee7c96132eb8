"""Keys of commands are unique; commands without one stay out of that index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of keys."""

    dependencies = [
        ("base", "0006_files_erased"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="command",
            name="base_command_once_per_key",
        ),
        migrations.AddConstraint(
            model_name="command",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)),
                fields=("tenant", "name", "key"),
                name="base_command_once_per_key",
            ),
        ),
    ]
