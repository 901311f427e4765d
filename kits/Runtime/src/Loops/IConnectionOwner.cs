namespace Microcosm.Runtime;

/// <summary>Who opened connections on a loop.</summary>
internal interface IConnectionOwner
{
    /// <summary>The connection has ended.</summary>
    void Forget(LoopConnection connection);
}
