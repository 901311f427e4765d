using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>An answer that may come later, and once only.</summary>
internal sealed class Answer<T>
{
    private T? _value;

    public bool IsHere { get; private set; }

    public T Value
    {
        get
        {
            Invariant.Check(IsHere, "there is no answer yet");
            return _value!;
        }
    }

    public void Set(T value)
    {
        Invariant.Check(!IsHere, "a request is answered twice");
        (_value, IsHere) = (value, true);
    }
}
