// Here and not in the project file: a feed without TorchSharp builds this project without its sources, and a using that
// the project file generates would stay behind.
global using Layerbench.Core;
global using TorchSharp;
global using Functional = TorchSharp.torch.nn.functional;
global using Tensor = TorchSharp.torch.Tensor;
