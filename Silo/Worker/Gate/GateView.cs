namespace Layerbench.Worker.Gate;

/// <summary>What the gate compares: an output, and gradients by tensor name in their logical layouts (none in a forward pass).</summary>
internal sealed record GateView(Tensor Output, IReadOnlyDictionary<string, Tensor> Gradients);
