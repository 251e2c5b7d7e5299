// What a static library of cells holds besides them: nothing that anybody asks for.
int NothingAsksForThis() { return 0; }
