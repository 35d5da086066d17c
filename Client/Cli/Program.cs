using Layerbench.Cli;

return await Composition.InvokeAsync(args, Terminal.OfProcess(), TimeProvider.System);
