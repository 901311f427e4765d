namespace Microcosm.Generator;

/// <summary>A class to fill.</summary>
internal sealed record TableModel(
    string Name, string Namespace, string Accessibility, bool IsStaticPartial,
    string System, string Operation, string Handler, LocationModel Location);
