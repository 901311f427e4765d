using System.Net;
using System.Text.Json;

namespace Microcosm.SideBySide;

/// <summary>What <c>cosm up</c> tells when every system answers its protocol's ping.</summary>
/// <param name="Control">Where it is steered.</param>
internal sealed record Ready(Uri Control, JsonElement Systems)
{
    public static Ready Parse(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        return new Ready(new Uri(json.GetProperty("control").GetString()!), json.GetProperty("systems"));
    }

    /// <summary>Of a system's nodes, in their order.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints(string system) =>
        [.. Systems.GetProperty(system).GetProperty("endpoints").EnumerateArray().Select(e => IPEndPoint.Parse(e.GetString()!))];
}
