namespace Layerbench.Core.Scheduling;

/// <summary>
/// A slice could not be begun on a device, whatever its cells: its worker does not start there, or is another build's. Unlike
/// a store that does not answer, that does not pass by itself.
/// </summary>
public abstract class UnrunnableSliceException(string message) : Exception(message);
