namespace Microcosm.Simulation;

/// <summary>
/// Marks the static partial class that the generator fills with the systems that referenced assemblies declare (<see
/// cref="CatalogedSystemAttribute{TSystem}"/>): <c>IReadOnlyList&lt;CatalogEntry&gt; All</c>, in ordinal order of names.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SystemCatalogAttribute : Attribute;
