using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>Something refused, and where it stands.</summary>
internal sealed record Problem(DiagnosticDescriptor Descriptor, LocationModel Location, params string[] Arguments)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.ToLocation(), Arguments);
}
