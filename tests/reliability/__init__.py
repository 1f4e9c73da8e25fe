"""What the whole survives: crashes, full disks, damaged files, hostile queries, readers beside a writer."""
