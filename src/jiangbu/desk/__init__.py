"""The desk: workbooks in, calculated workbooks out, and the command line (needs the extra ``desk``)."""
