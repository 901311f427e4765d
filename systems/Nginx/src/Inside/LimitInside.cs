namespace Microcosm.Nginx;

/// <summary>A key of a limit: of limit_req what its bucket holds, of limit_conn its requests under way.</summary>
/// <param name="Kind">limit_req or limit_conn.</param>
internal sealed record LimitInside(string Zone, string Kind, string Key, double Level);
