namespace Microcosm.Runtime;

/// <summary>Names of the attributes that all systems share.</summary>
public static class TelemetryAttributes
{
    /// <summary>The node: <c>redis-1</c>.</summary>
    public const string Node = "microcosm.node";

    /// <summary>The node's failure domain.</summary>
    public const string Zone = "microcosm.zone";

    /// <summary>Which start of the node it is, from 1.</summary>
    public const string Generation = "microcosm.node.generation";

    /// <summary>The operation's full name, by which fault rules know it: <c>redis.SET</c>.</summary>
    public const string Operation = "microcosm.operation";

    /// <summary>The connection's ordinal on its node.</summary>
    public const string Connection = "microcosm.connection";

    /// <summary>The fault rule that fired, in its grammar; also the name of the span's event.</summary>
    public const string Fault = "microcosm.fault";

    /// <summary>What the rule did: <c>DropReply</c>.</summary>
    public const string FaultAction = "microcosm.fault.action";

    /// <summary>OpenTelemetry's name for the kind of an error.</summary>
    public const string ErrorType = "error.type";

    /// <summary>OpenTelemetry's name for where the server listens.</summary>
    public const string ServerAddress = "server.address";

    /// <summary>OpenTelemetry's name for the server's port.</summary>
    public const string ServerPort = "server.port";
}
