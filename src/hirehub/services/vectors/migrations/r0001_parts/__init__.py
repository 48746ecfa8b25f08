"""The statements of revision 0001, by subject. They belong to that revision and are as frozen as it is."""
