using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>What the generator refuses, with an id each; README.md explains them.</summary>
internal static class Problems
{
    public static readonly DiagnosticDescriptor TableNotStaticPartial = Error("MCG001", "The operation table '{0}' must be a static partial class");
    private static readonly DiagnosticDescriptor Duplicate = Error("MCG002", "The operation '{0}' is declared more than once");
    private static readonly DiagnosticDescriptor NotStatic = Error("MCG003", "The method that carries out '{0}' must be static");
    private static readonly DiagnosticDescriptor NoParent = Error("MCG004", "The subcommand '{0}' needs an operation '{1}' to belong to");

    /// <summary>Reports all problems; true if there are any.</summary>
    public static bool Report(SourceProductionContext output, OperationModel[] operations)
    {
        var found = false;
        var names = new HashSet<string>(operations.Select(o => o.Name));
        var seen = new HashSet<string>();
        foreach (var operation in operations)
        {
            if (!seen.Add(operation.Name))
                Say(Duplicate, operation, operation.Name);
            if (!operation.IsStatic)
                Say(NotStatic, operation, operation.Name);
            var bar = operation.Name.IndexOf('|');
            if (bar >= 0 && !names.Contains(operation.Name.Substring(0, bar)))
                Say(NoParent, operation, operation.Name, operation.Name.Substring(0, bar));
        }
        return found;

        void Say(DiagnosticDescriptor descriptor, OperationModel operation, params object[] arguments)
        {
            found = true;
            output.ReportDiagnostic(Diagnostic.Create(descriptor, operation.Location.ToLocation(), arguments));
        }
    }

    private static DiagnosticDescriptor Error(string id, string message) =>
        new(id, "Operation declarations", message, "Microcosm.Operations", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
