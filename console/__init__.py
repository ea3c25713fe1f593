"""The web console: server-drawn pages for representatives and supervisors, thin over casework; decides nothing."""
