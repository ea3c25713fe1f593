"""What do the files and bytes of a city, its banks and its agencies say? Bytes in, typed values out, nothing else."""
