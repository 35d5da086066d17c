namespace Layerbench.Engine.Output;

public sealed class OutputFolder { }
