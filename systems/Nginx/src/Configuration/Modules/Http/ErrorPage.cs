namespace Microcosm.Nginx;

/// <summary>Where a status leads; <paramref name="Overwrite"/> is the answered status: -1 the same, 0 that of the page.</summary>
internal sealed record ErrorPage(int Status, int Overwrite, ComplexValue Uri, string Arguments);
