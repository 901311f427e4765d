namespace Microcosm.Nginx;

/// <summary>A variable, or with <see cref="VariableFlags.Prefix"/> a family, that a module declares.</summary>
internal readonly record struct BuiltInVariable(string Name, VariableFlags Flags);
