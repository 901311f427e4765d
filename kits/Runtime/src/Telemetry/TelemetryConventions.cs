namespace Microcosm.Runtime;

/// <summary>The names that OpenTelemetry's semantic conventions give to what one kind of system does.</summary>
/// <param name="SystemAttribute">Attribute that names the system: <c>db.system.name</c>.</param>
/// <param name="OperationAttribute">Attribute that names the operation as the protocol does: <c>db.operation.name</c>.</param>
/// <param name="DurationMetric">Histogram of how long operations take, in seconds.</param>
public sealed record TelemetryConventions(string SystemAttribute, string OperationAttribute, string DurationMetric)
{
    /// <summary>Databases. The conventions know only <c>db.client.operation.duration</c>; this is its other end.</summary>
    public static TelemetryConventions Database { get; } = new("db.system.name", "db.operation.name", "db.server.operation.duration");

    /// <summary>HTTP servers, which the conventions know by their methods.</summary>
    public static TelemetryConventions Http { get; } = new("microcosm.system", "http.request.method", "http.server.request.duration");

    /// <summary>What no convention covers.</summary>
    public static TelemetryConventions General { get; } =
        new("microcosm.system", "microcosm.operation.name", "microcosm.operation.duration");
}
