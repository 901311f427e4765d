using System.Diagnostics;

namespace Microcosm.Runtime;

/// <summary>An operation under observation, from <c>NodeTelemetry.Begin</c> to <see cref="NodeTelemetry.End"/>.</summary>
/// <param name="FullName">As fault rules know it: <c>redis.SET</c>.</param>
/// <param name="Name">As the protocol knows it: <c>SET</c>.</param>
/// <param name="Started">Timestamp of the node's clock.</param>
/// <param name="Activity">The span, or null when nobody wants this one.</param>
public readonly record struct OperationSpan(string FullName, string Name, long Started, Activity? Activity)
{
    /// <summary>Adds an attribute, if there is a span that wants it.</summary>
    public void Set(string attribute, object? value)
    {
        if (Activity is { IsAllDataRequested: true } activity)
            activity.SetTag(attribute, value);
    }
}
