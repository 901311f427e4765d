namespace Microcosm.Runtime;

/// <summary>Which way bytes flow.</summary>
public enum FlowDirection
{
    /// <summary>Each way on its own.</summary>
    Both,

    /// <summary>From the client to the server.</summary>
    Up,

    /// <summary>From the server to the client.</summary>
    Down,
}
