using System.Runtime.CompilerServices;

namespace Microcosm.Runtime;

/// <summary>Awaiting this continues on an executor; at once where it already runs there.</summary>
public readonly struct ExecutorSwitch(NodeExecutor executor) : INotifyCompletion
{
    public bool IsCompleted => executor.IsCurrent;

    public ExecutorSwitch GetAwaiter() => this;

    public void OnCompleted(Action continuation) => executor.Post(continuation);

    public void GetResult()
    {
    }
}
