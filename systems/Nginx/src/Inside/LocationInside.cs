namespace Microcosm.Nginx;

/// <summary>A location, or what stands outside of all; with its requests since the configuration was read.</summary>
/// <param name="PerSecond">Of the last ten seconds.</param>
/// <param name="Status4xx">Answered so, or by the end of the connection.</param>
internal sealed record LocationInside(
    string Server, string Location, long Requests, double PerSecond, long Status4xx, long Status5xx, long Bytes);
