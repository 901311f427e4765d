using Microsoft.CodeAnalysis;

namespace Microcosm.Generator;

/// <summary>What the generator refuses, with an id each; README.md explains them.</summary>
internal static class Problems
{
    public static readonly DiagnosticDescriptor TableCannotBeFilled = Error(
        "MCG001", "Table cannot be filled",
        "The operation table '{0}' must be a static partial class, in no other class and without type parameters");

    public static readonly DiagnosticDescriptor Duplicate = Error(
        "MCG002", "Operation declared twice", "The operation '{0}' is declared more than once (names are compared without case)");

    public static readonly DiagnosticDescriptor CannotBeCalled = Error(
        "MCG003", "Handler cannot be called",
        "The method of '{0}' must be static, not generic, and neither it nor a type around it private or generic");

    public static readonly DiagnosticDescriptor NoParent = Error(
        "MCG004", "Subcommand without a container", "The subcommand '{0}' needs an operation '{1}' to belong to");

    public static readonly DiagnosticDescriptor WrongSignature = Error(
        "MCG005", "Handler does not match its delegate", "The method of '{0}' is '{1}' and must be '{2}'");

    public static readonly DiagnosticDescriptor SecondTable = Error(
        "MCG006", "More than one table", "'{0}' is the second table of '{1}'; an attribute has one");

    public static readonly DiagnosticDescriptor BadName = Error(
        "MCG007", "Name cannot be looked up",
        "The name '{0}' must be printable ASCII without blanks, with at most one bar between a container and its subcommand");

    public static readonly DiagnosticDescriptor WrongTypes = Error(
        "MCG008", "Table of no operations", "The table '{0}' needs an attribute derived from OperationAttribute and a delegate");

    public static readonly DiagnosticDescriptor NoTable = Error(
        "MCG009", "Operation in no table", "No table of this assembly holds '{0}': it would never run");

    public static readonly DiagnosticDescriptor BadSchema = Error(
        "MCG010", "Message schema cannot be read", "The schema is wrong here: {0}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Microcosm.Operations", DiagnosticSeverity.Error, isEnabledByDefault: true,
            helpLinkUri: "eng/Generator/README.md#" + id.ToLowerInvariant());
}
