// Compiled into a program whose package family the feed lacks, in place of its own code.
System.Console.Error.WriteLine(
    "layerbench: this build lacks the packages that this program needs; 'layerbench doctor' says which, "
        + "docs/editions.md how to get them."
);
return 2;
