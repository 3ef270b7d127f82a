using Scim.Errors;
using Scim.Paths;
using Scim.Resources;

namespace Scim.Patching;

/// <summary>
/// Applies a PATCH (RFC 7644 §3.5.2): in order, all operations or none. Pure: the document that it is given stays as it
/// is, the members of a group are never looked at, and the result is valid.
/// </summary>
public static class PatchEngine
{
    /// <summary>Applies the operations to a copy of <paramref name="current"/>.</summary>
    /// <exception cref="ScimException">
    /// 400 invalidPath, invalidFilter, invalidValue, noTarget or mutability. What one operation causes has its
    /// place: <c>Operations[2]: …</c>
    /// </exception>
    public static PatchOutcome Apply(PatchRequest request, ResourceDocument current)
    {
        var required = new RequiredAttributes(current);
        var draft = Run(request, current, request.Operations.Count, required);
        required.Check();
        try
        {
            Check(draft.Document, current);
        }
        catch (ScimException failure)
        {
            throw PatchFault.Locate(
                failure, request.Operations, count => Run(request, current, count, new RequiredAttributes(current)).Document, document => Check(document, current));
        }

        return Finish(draft, current);
    }

    /// <summary>Applies the first operations.</summary>
    private static PatchDraft Run(PatchRequest request, ResourceDocument current, int count, RequiredAttributes required)
    {
        var draft = new PatchDraft(request, current);
        for (var index = 0; index < count; index++)
        {
            var operation = request.Operations[index];
            draft.Members.Operation = index;
            var unique = draft.UniqueValue;
            try
            {
                Apply(draft, operation);
            }
            catch (ScimException failure)
            {
                throw failure.In(index);
            }

            required.Note(draft.Document, operation.Kind, index);
            if (draft.UniqueValue != unique)
            {
                draft.UniqueOperation = index;
            }
        }

        return draft;
    }

    /// <summary>What can only be told of the whole: two primary values, what is required or immutable.</summary>
    private static void Check(ResourceDocument document, ResourceDocument before)
    {
        ResourceValidator.Complete(document, before);
        ResourceValidator.Validate(document, before);
        ImmutableAttributes.Keep(document, before, RequestKind.Patch);
    }

    private static void Apply(PatchDraft draft, PatchOperation operation)
    {
        if (operation.Path is null)
        {
            PatchAssignment.ApplyToResource(draft, operation.Kind, operation.Value);
            return;
        }

        var target = PatchTarget.Resolve(draft.Type, operation.Path);
        if (target.IsReadOnly)
        {
            throw ScimErrors.Mutability($"{operation.Path} is readOnly.");
        }

        if (target is PatchTarget.Nothing)
        {
            draft.Notes.Ignored.Add(operation.Path.ToString());
        }
        else if (operation.Kind == PatchOperationKind.Remove)
        {
            PatchRemoval.Apply(draft, target, operation.Value);
        }
        else
        {
            PatchAssignment.Apply(draft, operation.Kind, target, operation.Value);
        }
    }

    private static PatchOutcome Finish(PatchDraft draft, ResourceDocument current)
    {
        var changed = ChangedPaths.Between(current, draft.Document).ToList();
        if ((draft.Password is not null || draft.PasswordRemoved) && draft.Type.PasswordAttribute is { } password)
        {
            changed.Add(new ResolvedPath(draft.Type, null, password, null).ToString());
        }

        return new PatchOutcome(draft.Document, draft.Password, draft.Members.ToList(), !draft.Document.SameAs(current), changed)
        {
            PasswordRemoved = draft.PasswordRemoved,
            UniqueOperation = draft.UniqueOperation,
        };
    }
}
