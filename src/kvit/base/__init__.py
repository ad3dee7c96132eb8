"""What every context stands on: tenant, login, command, event, job, lifecycle, clock, outbound HTTP."""
