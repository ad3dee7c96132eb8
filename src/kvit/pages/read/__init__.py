"""Read models over several contexts, as plain values in the reader's language: what pages show. They only read."""
